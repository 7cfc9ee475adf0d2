import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '__first__'),
        ('places', '0001_initial'),
        ('vendors', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Product',
            fields=[
                ('metadata', models.JSONField(blank=True, default=dict)),
                ('private_metadata', models.JSONField(blank=True, default=dict)),
                ('translations', models.JSONField(blank=True, default=dict)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=120, unique=True)),
                ('name', models.CharField(max_length=160)),
                ('description', models.TextField(blank=True)),
                ('storage_note', models.CharField(blank=True, max_length=300)),
                ('shelf_life_note', models.CharField(blank=True, max_length=120)),
                ('ocop_set', models.PositiveSmallIntegerField()),
                ('listing', models.CharField(choices=[('draft', 'Bản nháp'), ('in_review', 'Đang chờ duyệt'), ('published', 'Đang bán'), ('rejected', 'Cần sửa lại'), ('withdrawn', 'Đã ngừng bán')], default='draft', max_length=10)),
                ('listing_reason', models.CharField(blank=True, max_length=300)),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('price_from_vnd', models.BigIntegerField(blank=True, null=True)),
                ('is_alcohol', models.BooleanField(default=False)),
                ('is_health_food', models.BooleanField(default=False)),
                ('folded_name', models.CharField(max_length=200)),
                ('folded_text', models.TextField(blank=True)),
                ('sort_key', models.CharField(max_length=400)),
                ('generation', models.PositiveBigIntegerField(default=0)),
                ('is_demo', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('commune_of_origin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='products', to='places.commune')),
                ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('vendor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='products', to='vendors.vendor')),
            ],
            options={
                'verbose_name': 'sản phẩm',
                'verbose_name_plural': 'sản phẩm',
                'indexes': [models.Index(fields=['listing', 'slug'], name='product_by_slug'), models.Index(fields=['listing', '-published_at', 'id'], name='product_by_newness'), models.Index(fields=['listing', 'sort_key', 'id'], name='product_by_name'), models.Index(fields=['listing', 'price_from_vnd', 'id'], name='product_by_price'), models.Index(fields=['vendor', 'listing', 'id'], name='product_by_vendor'), models.Index(fields=['listing', 'ocop_set'], name='product_by_set'), models.Index(fields=['commune_of_origin', 'listing'], name='product_by_origin'), models.Index(condition=models.Q(('listing', 'in_review')), fields=['submitted_at', 'id'], name='product_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ocop_set__gte', 1), ('ocop_set__lte', 26)), name='ocop_set_1_to_26'), models.CheckConstraint(condition=models.Q(models.Q(('ocop_set__in', (14, 15)), _negated=True), ('is_alcohol', True), _connector='OR'), name='alcohol_sets_are_alcohol'), models.CheckConstraint(condition=models.Q(models.Q(('listing', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='published_since_when')],
            },
        ),
        migrations.CreateModel(
            name='OcopCertificate',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('stars', models.PositiveSmallIntegerField()),
                ('decision_number', models.CharField(max_length=60)),
                ('issued_on', models.DateField()),
                ('expires_on', models.DateField()),
                ('issuer', models.CharField(max_length=160)),
                ('product_code', models.CharField(blank=True, max_length=40)),
                ('legal_basis', models.CharField(blank=True, max_length=120)),
                ('state', models.CharField(choices=[('declared', 'Chờ xác nhận'), ('verified', 'Đã xác nhận'), ('refused', 'Không được xác nhận'), ('withdrawn', 'Đã thu hồi')], default='declared', max_length=10)),
                ('declared_at', models.DateTimeField()),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='certificates', to='catalog.product')),
            ],
            options={
                'verbose_name': 'giấy chứng nhận OCOP',
                'verbose_name_plural': 'giấy chứng nhận OCOP',
                'indexes': [models.Index(fields=['state', 'expires_on'], name='certificate_by_expiry')],
                'constraints': [models.CheckConstraint(condition=models.Q(('stars__gte', 3), ('stars__lte', 5)), name='certificate_3_to_5_stars'), models.CheckConstraint(condition=models.Q(('expires_on__gt', models.F('issued_on'))), name='certificate_expires_later'), models.UniqueConstraint(condition=models.Q(('state', 'verified')), fields=('product',), name='one_verified_certificate')],
            },
        ),
        migrations.CreateModel(
            name='ProductMedia',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('image', models.ImageField(height_field='height', upload_to='products/', width_field='width')),
                ('width', models.PositiveIntegerField(default=0)),
                ('height', models.PositiveIntegerField(default=0)),
                ('alt', models.CharField(blank=True, max_length=160)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('is_illustration', models.BooleanField(default=False)),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='media', to='catalog.product')),
            ],
            options={
                'verbose_name': 'ảnh sản phẩm',
                'verbose_name_plural': 'ảnh sản phẩm',
                'indexes': [models.Index(fields=['product', 'position'], name='media_by_product')],
            },
        ),
        migrations.CreateModel(
            name='ProductVariant',
            fields=[
                ('metadata', models.JSONField(blank=True, default=dict)),
                ('private_metadata', models.JSONField(blank=True, default=dict)),
                ('translations', models.JSONField(blank=True, default=dict)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('unit', models.CharField(max_length=40)),
                ('sku', models.CharField(blank=True, max_length=60, null=True, unique=True)),
                ('price_vnd', models.BigIntegerField()),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('is_active', models.BooleanField(default=True)),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='variants', to='catalog.product')),
            ],
            options={
                'verbose_name': 'loại hàng',
                'verbose_name_plural': 'loại hàng',
                'indexes': [models.Index(fields=['product', 'position'], name='variant_by_product')],
                'constraints': [models.CheckConstraint(condition=models.Q(('price_vnd__gt', 0), ('price_vnd__lte', 499999999)), name='price_is_possible')],
            },
        ),
        migrations.CreateModel(
            name='Stock',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('quantity', models.IntegerField(default=0)),
                ('allocated', models.IntegerField(default=0)),
                ('reserved', models.IntegerField(default=0)),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stocks', to='catalog.productvariant')),
                ('warehouse', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stocks', to='vendors.warehouse')),
            ],
            options={
                'verbose_name': 'hàng tại một nơi',
                'verbose_name_plural': 'hàng tại một nơi',
                'constraints': [models.UniqueConstraint(fields=('variant', 'warehouse'), name='stock_once_a_place'), models.CheckConstraint(condition=models.Q(('allocated__gte', 0), ('quantity__gte', 0), ('reserved__gte', 0)), name='stock_not_negative'), models.CheckConstraint(condition=models.Q(('quantity__gte', django.db.models.expressions.CombinedExpression(models.F('allocated'), '+', models.F('reserved')))), name='stock_never_oversold')],
            },
        ),
    ]
